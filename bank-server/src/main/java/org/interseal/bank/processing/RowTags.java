package org.interseal.bank.processing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.tag.RowTagger;
import org.interseal.protocol.tag.TagKeys;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tags of rows: this server's own, and the keys of others' that it can read by. */
final class RowTags implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RowTags.class);
  private static final Duration TAG_KEYS_PUBLISHED = Duration.ofSeconds(5);
  private static final long TAG_KEYS_READ_MILLIS = 2_000;

  private final NodeSettings settings;
  private final NodePorts ports;
  private final RowTagger tagger;
  private final TagKeys tagKeys;
  private volatile @Nullable ScheduledFuture<?> reading;

  RowTags(NodeSettings settings, NodePorts ports, RegistryView registry) {
    this.settings = settings;
    this.ports = ports;
    this.tagger =
        new RowTagger(
            ports.shared(),
            Party.server(settings.bank(), settings.node()),
            ports.signingKey(),
            this::otherBanks,
            registry::bank,
            ports.clock(),
            ports.random());
    this.tagKeys =
        new TagKeys(
            settings.bank(),
            ports.directory(),
            ports.shared(),
            ports.decryptionKeys(),
            ports.clock());
  }

  RowTagger tagger() {
    return tagger;
  }

  TagKeys keys() {
    return tagKeys;
  }

  private List<BankId> otherBanks() {
    return ports.directory().banks().stream()
        .map(LicensedBank::bank)
        .filter(other -> !other.equals(settings.bank()))
        .toList();
  }

  private void readTagKeys() {
    try {
      tagKeys.refresh();
    } catch (StoreUnavailable e) {
      log.debug("tag keys were not read: {}", e.getMessage());
    } catch (RuntimeException e) {
      // A timer drops a task that throws: the bug must be seen, and the next round must come.
      log.error("reading tag keys failed", e);
    }
  }

  void start(ScheduledExecutorService timer) {
    tagger.start(timer, TAG_KEYS_PUBLISHED);
    reading =
        timer.scheduleWithFixedDelay(
            this::readTagKeys, 0, TAG_KEYS_READ_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    tagger.close();
    ScheduledFuture<?> timer = reading;
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
