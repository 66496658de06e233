@NullMarked
package org.interseal.store.memory;

import org.jspecify.annotations.NullMarked;
