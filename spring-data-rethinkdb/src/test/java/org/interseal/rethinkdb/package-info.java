@NullMarked
package org.interseal.rethinkdb;

import org.jspecify.annotations.NullMarked;
