package org.interseal.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.PackageVersion;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** The driver asks for Jackson 2.10, of 2020, whose parsing has no bounds. */
class ClassPathTest {
  private static final Version FIRST_WITH_BOUNDS = new Version(2, 15, 0, null, null, null);

  @Test
  void holdsOneJacksonAndNotTheDriversOwn() throws Exception {
    assertThat(PackageVersion.VERSION).isGreaterThanOrEqualTo(FIRST_WITH_BOUNDS);
    assertThat(com.fasterxml.jackson.core.json.PackageVersion.VERSION)
        .isGreaterThanOrEqualTo(FIRST_WITH_BOUNDS);
    for (Class<?> type :
        new Class<?>[] {ObjectMapper.class, com.fasterxml.jackson.core.JsonFactory.class}) {
      assertThat(
              Collections.list(
                  getClass()
                      .getClassLoader()
                      .getResources(type.getName().replace('.', '/') + ".class")))
          .hasSize(1);
    }
  }
}
