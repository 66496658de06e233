/** HTTP message signatures (RFC 9421) of devices, and the shapes of the public REST API. */
@NullMarked
package org.interseal.protocol.http;

import org.jspecify.annotations.NullMarked;
