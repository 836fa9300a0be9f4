import Testing

/// What is tried on the running kernel.
///
/// One at a time: each sees the drops of the whole host.
@Suite(.live, .serialized, .timeLimit(.minutes(3))) enum LiveTests {}
