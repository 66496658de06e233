@NullMarked
package org.interseal.store.sqlite;

import org.jspecify.annotations.NullMarked;
