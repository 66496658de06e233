/** Real servers for integration tests, of this module and of others. */
@NullMarked
package org.interseal.rethinkdb.testing;

import org.jspecify.annotations.NullMarked;
