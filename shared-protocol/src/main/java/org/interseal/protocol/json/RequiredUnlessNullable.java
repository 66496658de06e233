package org.interseal.protocol.json;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/**
 * A record's members are required unless they are {@code @Nullable}: what the code takes for
 * granted, a remote party must not be able to leave out.
 */
final class RequiredUnlessNullable extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  @Override
  public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
    return isOfRecord(member) ? Boolean.valueOf(!isNullable((AnnotatedParameter) member)) : null;
  }

  @Override
  public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated member) {
    return isOfRecord(member) && !isNullable((AnnotatedParameter) member)
        ? JsonSetter.Value.forValueNulls(Nulls.FAIL, Nulls.FAIL)
        : JsonSetter.Value.empty();
  }

  private static boolean isOfRecord(Annotated member) {
    return member instanceof AnnotatedParameter parameter
        && parameter.getOwner() instanceof AnnotatedConstructor constructor
        && constructor.getDeclaringClass().isRecord();
  }

  private static boolean isNullable(AnnotatedParameter parameter) {
    AnnotatedConstructor constructor = (AnnotatedConstructor) parameter.getOwner();
    return constructor
        .getAnnotated()
        .getAnnotatedParameterTypes()[parameter.getIndex()]
        .isAnnotationPresent(Nullable.class);
  }
}
