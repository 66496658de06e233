/** An operator's commands for the users of a RethinkDB cluster. */
@NullMarked
package org.interseal.launcher.users;

import org.jspecify.annotations.NullMarked;
