"""What people see. Qt lives only here; the twin itself is `twin_app`."""
