package org.interseal.bank.verify;

import org.interseal.identity.BankId;

/** One transfer between two banks' partitions, for ever. */
public record TransferKey(
    BankId source, int sourcePartition, BankId target, int targetPartition, long number) {}
