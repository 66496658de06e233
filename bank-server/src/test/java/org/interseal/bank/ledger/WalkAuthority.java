package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.interseal.identity.BankId;
import org.jspecify.annotations.Nullable;

/**
 * The authority of a {@link FederationWalk}. It suspends banks and reinstates them, and resolves
 * what waits for a bank that is suspended and gone. Each bank reads what it publishes in order,
 * sooner or later; one that was gone reads before it does anything else.
 */
final class WalkAuthority {
  /** A numbered transfer between the two banks. */
  record Numbered(BankId source, BankId target, long number) {}

  private final Random random;
  private final List<TestBank> banks;
  private final List<LedgerInput> published = new ArrayList<>();
  private final Map<BankId, Integer> read = new HashMap<>();
  private final Set<BankId> suspended = new HashSet<>();
  private final Set<BankId> gone = new HashSet<>();
  private final Map<Numbered, Integer> settled = new HashMap<>();
  private final Set<Numbered> resolved = new HashSet<>();
  private long version = 1;

  WalkAuthority(Random random, List<TestBank> banks) {
    this.random = random;
    this.banks = banks;
  }

  boolean isGone(TestBank bank) {
    return gone.contains(bank.id);
  }

  /** In how many of 22 steps of the bank the authority acts. */
  int urgency(TestBank bank) {
    if (gone.contains(bank.id)) {
      return 10;
    }
    return suspended.contains(bank.id) ? 4 : random.nextInt(2);
  }

  /** How many transfers were resolved. */
  int resolutions() {
    return resolved.size();
  }

  /** Whether that bank has read that the transfer counts as arrived. */
  boolean toldSettled(BankId reader, Numbered transfer) {
    return settled.getOrDefault(transfer, Integer.MAX_VALUE) < read.getOrDefault(reader, 0);
  }

  /** Whether the bank is licensed as far as it has read. */
  boolean hasLicensed(TestBank bank) {
    for (int i = read.getOrDefault(bank.id, 0) - 1; i >= 0; i--) {
      if (published.get(i) instanceof LedgerInput.RegistryObserved registry) {
        return registry.usable().containsKey(bank.id);
      }
    }
    return true;
  }

  /** What the bank has not read yet, which it reads now. */
  List<LedgerInput> unread(TestBank bank) {
    List<LedgerInput> rest =
        List.copyOf(published.subList(read.getOrDefault(bank.id, 0), published.size()));
    read.put(bank.id, published.size());
    return rest;
  }

  /** Decides something about the bank; true when the bank comes back, and has to read. */
  boolean act(TestBank bank) {
    if (gone.contains(bank.id)) {
      if (random.nextInt(3) > 0) {
        resolve(bank);
        return false;
      }
      return gone.remove(bank.id);
    }
    if (suspended.contains(bank.id)) {
      if (random.nextInt(3) > 0) {
        suspended.remove(bank.id);
        publishRegistry();
      } else {
        gone.add(bank.id);
      }
    } else {
      suspended.add(bank.id);
      publishRegistry();
      if (random.nextBoolean()) {
        gone.add(bank.id);
      }
    }
    return false;
  }

  /** Everybody is back and licensed. */
  void calmDown() {
    gone.clear();
    suspended.clear();
    publishRegistry();
  }

  private void publishRegistry() {
    Map<BankId, Integer> usable = new TreeMap<>();
    for (TestBank bank : banks) {
      if (!suspended.contains(bank.id)) {
        usable.put(bank.id, 1);
      }
    }
    version++;
    published.add(new LedgerInput.RegistryObserved("registry/" + version, version, usable));
  }

  /**
   * Resolves some of what waits for that bank: as it stands in its chain, or as the authority sees
   * fit.
   */
  private void resolve(TestBank target) {
    for (TestBank source : banks) {
      IncomingPair answers = target.state.parts().incomingFrom(new Peer(source.id, 0));
      source
          .state
          .outstanding()
          .filter(t -> t.target().bank().equals(target.id) && random.nextInt(4) > 0)
          .forEach(t -> resolve(source, target, t, answers.received().get(t.transfer().number())));
    }
  }

  private void resolve(
      TestBank source,
      TestBank target,
      OutstandingTransfer transfer,
      IncomingPair.@Nullable Received answer) {
    Numbered number = new Numbered(source.id, target.id, transfer.transfer().number());
    if (!resolved.add(number)) {
      return;
    }
    boolean arrived = answer == null ? random.nextBoolean() : answer.reason() == null;
    if (arrived) {
      settled.put(number, published.size());
    }
    published.add(
        new LedgerInput.ResolutionPublished(
            "resolution/" + published.size(),
            source.id,
            0,
            target.id,
            0,
            number.number(),
            transfer.digest(),
            arrived,
            "statement"));
  }
}
