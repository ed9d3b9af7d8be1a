"""Small widgets and models that several panels share; none of them knows a panel."""
