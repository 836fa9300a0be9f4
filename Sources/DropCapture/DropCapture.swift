enum DropCapturePlaceholder {}
