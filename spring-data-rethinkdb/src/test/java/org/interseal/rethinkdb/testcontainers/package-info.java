@NullMarked
package org.interseal.rethinkdb.testcontainers;

import org.jspecify.annotations.NullMarked;
