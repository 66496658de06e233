package org.interseal.client;

import java.util.concurrent.CompletableFuture;

/**
 * A payment that was handed to the device. Neither future completes exceptionally for an operating
 * error.
 *
 * @param firstAnswer the bank's first answer, or {@link PaymentOutcome.Unanswered} at the deadline
 * @param finalOutcome settled or rejected, or what was known at the deadline
 */
public record PaymentInProgress(
    CompletableFuture<PaymentOutcome> firstAnswer,
    CompletableFuture<PaymentOutcome> finalOutcome) {}
