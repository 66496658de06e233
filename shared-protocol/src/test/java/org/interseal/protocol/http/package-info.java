@NullMarked
package org.interseal.protocol.http;

import org.jspecify.annotations.NullMarked;
