package dev.thistle.cli;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// One JSON document on stdout, for scripts.
final class Json {

    private Json() {}

    static void print(Console console, Object value) {
        JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        console.document(mapper.writeValueAsString(value));
    }
}
