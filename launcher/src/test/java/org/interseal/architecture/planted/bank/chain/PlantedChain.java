package org.interseal.architecture.planted.bank.chain;

/** What a ledger must not know. */
public final class PlantedChain {}
