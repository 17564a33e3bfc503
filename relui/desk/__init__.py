"""The release desk: every act that a person or a pipeline can do, without a screen."""
