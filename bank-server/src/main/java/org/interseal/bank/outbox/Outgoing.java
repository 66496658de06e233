package org.interseal.bank.outbox;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.interseal.store.DurableInsert;
import org.jspecify.annotations.Nullable;

/**
 * A row on its way.
 *
 * @param content completes once sealed; with nothing when there is nobody to seal it to
 * @param orderKey rows with the same key never share an insert, so that the store's stamps keep
 *     their order
 * @param done runs once, when the row is durable or there is none
 */
record Outgoing(
    CompletableFuture<Optional<DurableInsert.Content>> content,
    @Nullable String orderKey,
    Runnable done) {}
