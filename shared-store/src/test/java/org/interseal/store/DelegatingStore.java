package org.interseal.store;

/** A store that leaves everything to another one: a test overrides what it wants otherwise. */
public class DelegatingStore implements Store {
  private final Store store;

  public DelegatingStore(Store store) {
    this.store = store;
  }

  @Override
  public AppendTable append(TableName name) {
    return store.append(name);
  }

  @Override
  public MutableTable mutable(TableName name) {
    return store.mutable(name);
  }

  @Override
  public long nowMillis() throws StoreUnavailable {
    return store.nowMillis();
  }

  @Override
  public long overlapMillis() {
    return store.overlapMillis();
  }

  @Override
  public long acknowledgementLimitMillis() {
    return store.acknowledgementLimitMillis();
  }

  @Override
  public void close() {
    store.close();
  }
}
