enum BTFReasonsPlaceholder {}
