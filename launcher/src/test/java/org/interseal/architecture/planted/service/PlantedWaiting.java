package org.interseal.architecture.planted.service;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A service that makes its own time and randomness, and sleeps. */
public final class PlantedWaiting {
  public void sleep() throws InterruptedException {
    Thread.sleep(1);
    Thread.sleep(1, 1);
    Thread.sleep(Duration.ofMillis(1));
    TimeUnit.MILLISECONDS.sleep(1);
  }

  public List<Object> time() {
    Supplier<Instant> reference = Instant::now;
    return List.of(
        reference,
        System.currentTimeMillis(),
        LocalDate.now(ZoneOffset.UTC),
        LocalDateTime.now(ZoneOffset.UTC),
        OffsetDateTime.now(ZoneOffset.UTC),
        ZonedDateTime.now(ZoneOffset.UTC));
  }

  public List<Object> randomness(long seed) {
    return List.of(
        new Random(),
        new Random(seed),
        new SplittableRandom(),
        ThreadLocalRandom.current(),
        Math.random());
  }
}
