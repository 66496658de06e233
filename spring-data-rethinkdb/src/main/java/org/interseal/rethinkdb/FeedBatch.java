package org.interseal.rethinkdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one answer of a feed holds, told apart. */
record FeedBatch(List<Change> changes, List<String> losses) {
  /**
   * Elements that are neither a change, a state nor a loss count as a loss: something was said and
   * not understood.
   */
  static FeedBatch of(List<@Nullable Object> elements) {
    List<Change> changes = new ArrayList<>();
    List<String> losses = new ArrayList<>();
    for (Object element : elements) {
      if (!(element instanceof Map<?, ?>)) {
        losses.add("an element that is no object");
        continue;
      }
      Document document = Document.of(element);
      if (document.fields().containsKey("new_val") || document.fields().containsKey("old_val")) {
        changes.add(new Change(document.document("old_val"), document.document("new_val")));
      } else if (document.has("error")) {
        losses.add(String.valueOf(document.fields().get("error")));
      } else if (!document.has("state")) {
        losses.add("an element without values");
      }
    }
    return new FeedBatch(List.copyOf(changes), List.copyOf(losses));
  }
}
