package org.interseal.architecture.planted.bank.processing;

/** What a ledger must not know. */
public final class PlantedProcessing {}
