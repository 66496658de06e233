package org.interseal.protocol.http;

import java.util.List;
import java.util.function.Function;
import org.interseal.crypto.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A request as it arrived.
 *
 * @param method as in the request line
 * @param rawPath undecoded
 * @param rawQuery undecoded, without the question mark, or none
 * @param headers all values of the header of that name, whatever its case, in their order
 * @param body empty when there was none
 */
public record ReceivedRequest(
    String method,
    String rawPath,
    @Nullable String rawQuery,
    Function<String, List<String>> headers,
    Bytes body) {}
