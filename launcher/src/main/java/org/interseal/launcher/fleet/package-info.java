/** Many devices of many customers, played by one process. */
@NullMarked
package org.interseal.launcher.fleet;

import org.jspecify.annotations.NullMarked;
