package org.interseal.branch;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who may act at this branch: one teller with a password file, or a file of tellers.
 *
 * @param name the only teller's name
 * @param passwordFile its password on the first line, or a BCrypt hash of it; readable by its owner
 *     only
 * @param usersFile lines {@code name:BCrypt hash}; lines that begin with {@code #} are comments
 */
@ConfigurationProperties("interseal.teller")
record TellerProperties(
    @Nullable String name, @Nullable Path passwordFile, @Nullable Path usersFile) {}
