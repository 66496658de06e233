/**
 * A RethinkDB server in a container, for tests; needs Testcontainers and its Spring Boot module.
 */
@NullMarked
package org.interseal.rethinkdb.testcontainers;

import org.jspecify.annotations.NullMarked;
