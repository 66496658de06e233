@NullMarked
package org.interseal.store.rethinkdb;

import org.jspecify.annotations.NullMarked;
