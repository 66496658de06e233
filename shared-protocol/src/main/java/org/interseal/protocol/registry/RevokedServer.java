package org.interseal.protocol.registry;

import org.interseal.crypto.KeyId;
import org.interseal.identity.Party;

/**
 * A server whose voice its bank has taken away, with the proof of it.
 *
 * @param key which it signed with; never certified again
 * @param revocation the row of {@code bank_keys} that revokes one of the key's certificates
 * @param certificate the row of {@code bank_keys} with that certificate
 */
public record RevokedServer(Party server, KeyId key, String revocation, String certificate) {}
