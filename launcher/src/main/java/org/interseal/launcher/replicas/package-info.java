/** Holds the nodes of a RethinkDB cluster against each other. */
@NullMarked
package org.interseal.launcher.replicas;

import org.jspecify.annotations.NullMarked;
