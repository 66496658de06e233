@NullMarked
package org.interseal.branch;

import org.jspecify.annotations.NullMarked;
