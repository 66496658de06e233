/**
 * The public REST interface of a gateway as both sides see it, free of any framework: signatures of
 * devices on HTTP requests (RFC 9421 with RFC 9530) and the JSON shapes under {@code /v1}
 * (docs/reference/rest-api.md).
 *
 * <p>A request is signed with the device's request key, whose SubjectPublicKeyInfo travels along in
 * {@code Interseal-Key}; its SHA-256 is both the {@code keyid} and the device id. So a gateway can
 * tell whose mailbox is asked for without knowing any customer.
 */
@NullMarked
package org.interseal.protocol.http;

import org.jspecify.annotations.NullMarked;
