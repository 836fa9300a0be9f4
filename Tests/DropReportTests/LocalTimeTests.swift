import Testing

/// What shows local times: some of it sets the process's time zone, so all of it runs one after the other.
@Suite(.serialized) struct LocalTimeTests {}
