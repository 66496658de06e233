@NullMarked
package org.interseal.protocol.tag;

import org.jspecify.annotations.NullMarked;
