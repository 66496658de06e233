@NullMarked
package org.interseal.launcher.chaos;

import org.jspecify.annotations.NullMarked;
