@NullMarked
package org.interseal.client;

import org.jspecify.annotations.NullMarked;
