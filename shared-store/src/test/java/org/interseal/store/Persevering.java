package org.interseal.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a caller does who wants an answer from a store that sometimes has none: ask again. */
public final class Persevering {
  private static final int MAX_TRIES = 200;
  private static final long MAX_WAIT_SECONDS = 60;

  /** A read, or a write to a mutable table. */
  public interface Question<T> {
    T ask() throws StoreUnavailable;
  }

  private Persevering() {}

  public static <T> T ask(Question<T> question) {
    StoreUnavailable last = new StoreUnavailable("never asked");
    for (int i = 0; i < MAX_TRIES; i++) {
      try {
        return question.ask();
      } catch (StoreUnavailable e) {
        last = e;
      }
    }
    throw new AssertionError("the store stayed unavailable", last);
  }

  /** Inserts once and waits. */
  public static List<InsertOutcome> insertOnce(AppendTable table, List<NewRow> rows)
      throws Exception {
    return table.insert(rows).get(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Inserts the same bytes until each row's outcome is known, and returns those outcomes. */
  public static List<InsertOutcome> insert(AppendTable table, List<NewRow> rows) throws Exception {
    List<InsertOutcome> known =
        new ArrayList<>(Collections.nCopies(rows.size(), new InsertOutcome.Unknown("")));
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      open.add(i);
    }
    for (int tries = 0; !open.isEmpty(); tries++) {
      if (tries == MAX_TRIES) {
        throw new AssertionError("no known outcome for rows " + open);
      }
      List<InsertOutcome> outcomes = insertOnce(table, open.stream().map(rows::get).toList());
      List<Integer> stillOpen = new ArrayList<>();
      for (int i = 0; i < outcomes.size(); i++) {
        known.set(open.get(i), outcomes.get(i));
        switch (outcomes.get(i)) {
          case InsertOutcome.Inserted ignored -> {}
          case InsertOutcome.AlreadyThere ignored -> {}
          case InsertOutcome.Occupied ignored -> {}
          case InsertOutcome.Unknown ignored -> stillOpen.add(open.get(i));
          case InsertOutcome.Failed ignored -> stillOpen.add(open.get(i));
        }
      }
      open = stillOpen;
    }
    return known;
  }

  public static InsertOutcome insert(AppendTable table, NewRow row) throws Exception {
    return insert(table, List.of(row)).getFirst();
  }
}
