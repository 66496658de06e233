@NullMarked
package org.interseal.protocol.heartbeat;

import org.jspecify.annotations.NullMarked;
