package org.interseal.bank;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this server works.
 *
 * @param directory on this server's own disk: what it remembers of the ledger's chain. By default
 *     beside the vault
 * @param workers threads for opening, and as many again for sealing; 0 takes the number of
 *     processors
 * @param blockInterval under load, blocks are at least this far apart
 * @param snapshotBlocks blocks between two snapshots
 * @param noticeGrace how long a notice that is not final waits for one that supersedes it
 */
@ConfigurationProperties("interseal.server")
record ServerProperties(
    @Nullable Path directory,
    @DefaultValue("0") int workers,
    @DefaultValue("25ms") java.time.Duration blockInterval,
    @DefaultValue("5000") int snapshotBlocks,
    @DefaultValue("300ms") java.time.Duration noticeGrace) {
  int workerThreads() {
    return workers > 0 ? workers : Math.max(1, Runtime.getRuntime().availableProcessors());
  }
}
