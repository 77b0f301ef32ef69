from django import forms


class PostForm(forms.Form):
    """Which of one's posts to act in from now on, and the page to go back to."""

    post = forms.IntegerField(min_value=1, max_value=10**18)
    next = forms.CharField(required=False, max_length=2000)
