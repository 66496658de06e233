@NullMarked
package org.interseal.protocol.json;

import org.jspecify.annotations.NullMarked;
