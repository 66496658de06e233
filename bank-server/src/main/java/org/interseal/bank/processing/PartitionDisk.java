package org.interseal.bank.processing;

import org.interseal.bank.chain.ChainMemory;

/**
 * What a server keeps of one partition on its own disk. Closed by whoever opened it.
 *
 * @param memory of the chain
 * @param snapshots which snapshot this server took last
 */
public record PartitionDisk(ChainMemory memory, SnapshotMemory snapshots) {}
