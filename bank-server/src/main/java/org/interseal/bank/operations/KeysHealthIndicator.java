package org.interseal.bank.operations;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.interseal.bank.founding.WrappedKeys;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether this node has the bank's current keys. */
final class KeysHealthIndicator implements HealthIndicator {
  private final BankId bank;
  private final BankDirectory directory;
  private final WrappedKeys keys;
  private final IntSupplier waiting;
  private final InstantSource clock;

  /**
   * @param waiting how many messages wait for a key of the bank that this node lacks
   */
  KeysHealthIndicator(
      BankId bank,
      BankDirectory directory,
      WrappedKeys keys,
      IntSupplier waiting,
      InstantSource clock) {
    this.bank = bank;
    this.directory = directory;
    this.keys = keys;
    this.waiting = waiting;
    this.clock = clock;
  }

  @Override
  public Health health() {
    Optional<LicensedBank> licensed = directory.bank(bank);
    boolean opens =
        licensed.flatMap(known -> keys.decryptionKey(known.encryptionKey().id())).isPresent();
    boolean writes = !keys.currentPeriod().isEmpty();
    int waitingForKey = waiting.getAsInt();
    return (opens && writes && waitingForKey == 0 ? Health.up() : Health.outOfService())
        .withDetail("currentEncryptionKey", opens)
        .withDetail("currentPeriodKey", writes)
        .withDetail("messagesWaitingForKey", waitingForKey)
        .withDetail(
            "licenceUsable", licensed.filter(known -> known.usableAt(clock.instant())).isPresent())
        .build();
  }
}
