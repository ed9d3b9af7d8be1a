"""What is on a broker whose layout nobody wrote yet: profiles of topics, guesses, a draft of a layout. Pure values; it listens to nothing."""
