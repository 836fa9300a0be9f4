public import ArgumentParser
public import DropExchange

extension ImportFormat: ExpressibleByArgument {}
