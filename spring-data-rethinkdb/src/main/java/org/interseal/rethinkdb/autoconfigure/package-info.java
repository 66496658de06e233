/**
 * What Spring Boot makes of {@code rethinkdb.*}: a pool, a template, a health indicator, metrics.
 */
@NullMarked
package org.interseal.rethinkdb.autoconfigure;

import org.jspecify.annotations.NullMarked;
