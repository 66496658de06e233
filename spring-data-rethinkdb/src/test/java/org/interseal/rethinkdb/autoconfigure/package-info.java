@NullMarked
package org.interseal.rethinkdb.autoconfigure;

import org.jspecify.annotations.NullMarked;
