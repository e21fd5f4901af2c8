"""Shape and coercion of what comes in, by area; whether it may be done is for services to say."""
