"""What a group's repository needs: written by init, checked by doctor."""
