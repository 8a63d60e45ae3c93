"""Skills, communes and need templates: data files and their loaders."""
