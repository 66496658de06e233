@NullMarked
package org.interseal.registry;

import org.jspecify.annotations.NullMarked;
