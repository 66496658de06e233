package org.interseal.architecture.planted.bank.outbox;

/** What a ledger must not know. */
public final class PlantedOutbox {}
