"""The domain of Binôme: needs, volunteers, suggestions and pairings. Knows neither HTTP nor queue."""
