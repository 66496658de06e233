/** Spring Boot Admin over all services of a local federation. */
@NullMarked
package org.interseal.launcher.dashboard;

import org.jspecify.annotations.NullMarked;
