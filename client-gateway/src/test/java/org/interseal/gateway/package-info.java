@NullMarked
package org.interseal.gateway;

import org.jspecify.annotations.NullMarked;
